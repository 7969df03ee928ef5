/* The header is C99, and a C program can use the library: compiles a kernel, runs it, and checks what it computed. */
#include "rblnc/rblnc.h"

#include <stdio.h>
#include <stdlib.h>

static char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  char *bytes = malloc(1 << 20);
  if (!file || !bytes)
    exit(2);
  *size = fread(bytes, 1, 1 << 20, file);
  fclose(file);
  return bytes;
}

static int fail(const char *what, rblnc_diagnostics *diagnostics) {
  rblnc_string text = rblnc_diagnostics_text(diagnostics);
  fprintf(stderr, "%s\n%.*s", what, (int)text.size, text.data ? text.data : "");
  rblnc_diagnostics_release(diagnostics);
  return 1;
}

int main(int argc, char **argv) {
  static float x[64 * 64], y[64 * 64], o[64 * 64];
  rblnc_buffer arguments[3] = {{x, sizeof x}, {y, sizeof y}, {o, sizeof o}};
  rblnc_compile_options compile_options = RBLNC_COMPILE_OPTIONS_INIT;
  rblnc_run_options run_options = RBLNC_RUN_OPTIONS_INIT;
  rblnc_argument argument = RBLNC_ARGUMENT_INIT;
  rblnc_bundle *bundle = NULL;
  rblnc_result *result = NULL;
  rblnc_diagnostics *diagnostics = NULL;
  size_t size = 0;
  char *text;
  int i, wrong = 0;

  if (argc != 2 || rblnc_abi_version() != RBLNC_ABI_VERSION)
    return 2;
  text = read_file(argv[1], &size);
  compile_options.strict = 1;
  if (rblnc_compile(text, size, &compile_options, &bundle, &diagnostics) != RBLNC_DONE)
    return fail("it does not compile", diagnostics);
  free(text);
  if (rblnc_bundle_argument_count(bundle) != 3 || rblnc_bundle_argument(bundle, 2, &argument) != RBLNC_DONE ||
      argument.direction != RBLNC_OUT || argument.bytes != sizeof o)
    return fail("the signature is not that of the kernel", NULL);
  for (i = 0; i < 64 * 64; ++i) {
    x[i] = (float)i;
    y[i] = 0.5f;
  }
  run_options.checks = 1;
  if (rblnc_run(bundle, arguments, 3, &run_options, &result, &diagnostics) != RBLNC_DONE)
    return fail("it does not run", diagnostics);
  for (i = 0; i < 64 * 64; ++i)
    wrong += o[i] != (float)i + 0.5f;
  printf("%d wrong, %g us modelled\n", wrong, 1e6 * rblnc_result_modelled_seconds(result));
  rblnc_result_release(result);
  rblnc_bundle_release(bundle);
  return wrong != 0;
}
