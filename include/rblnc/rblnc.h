/* rblnc as a library: kernels in Triton's IR to bundles, and bundles on the emulated RBLN NPU.
 *
 * C99, no other header of rblnc is needed. Link with -lrblnc; the library has its own copy of LLVM, hidden.
 *
 * Results: every call that can fail returns an rblnc_status and, if asked, diagnostics that say why. A call that fails
 * sets its results to NULL. Nothing is thrown or printed; the library does not exit, install signal handlers (but see
 * rblnc_contain_faults), start processes, or change the locale. A defect of the library itself may end the process, as
 * any C library's may, unless rblnc_contain_faults asks for the contrary.
 *
 * Pointers: NULL for a mandatory pointer is RBLNC_USAGE, or an empty answer where a call returns no status; never a
 * crash. Pointers that are not NULL are trusted to point to what their type says.
 *
 * Lifetime: a handle that a call hands out belongs to the caller, who releases it once, with the function of its type.
 * Releasing NULL does nothing. Text and bytes that a handle gives out live as long as the handle.
 *
 * Threads: every function may be called from any thread at any time. One bundle may run in many threads at once, as
 * long as the arrays that they write are not shared. A handle must not be used while or after it is released. After a
 * fork the child may go on using the library, unless another thread was in its very first call just then.
 *
 * Text: UTF-8 with an explicit length, not terminated by NUL. Names in somebody else's bundle may be no UTF-8. What a
 * caller passes is copied where it is kept.
 *
 * Structs that a caller fills in begin with `size`: set it to sizeof the struct and zero the rest (or use the _INIT
 * macro). A size smaller than the first version of the struct is RBLNC_USAGE; so is one that is larger than this
 * library knows, when anything behind what it knows is not zero. */
#ifndef RBLNC_RBLNC_H
#define RBLNC_RBLNC_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RBLNC_API __attribute__((visibility("default")))
#else
#define RBLNC_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ---------------------------------------------------------------------------------------------------- */

/* Rises with every change that a program compiled against an older header would misunderstand. */
#define RBLNC_ABI_VERSION 1u

/* Text in memory that somebody else owns. */
typedef struct rblnc_string {
  const char *data;
  size_t size;
} rblnc_string;

/* The RBLNC_ABI_VERSION that the library was built with. Compare it before calling anything else. */
RBLNC_API uint32_t rblnc_abi_version(void);
/* "rblnc 0.1.0 (bundle format 1, MLIR 22.1.8)". Lives as long as the library. */
RBLNC_API rblnc_string rblnc_version(void);
/* Lower-case hex that differs between any two builds of the library that may compile differently: for keys of caches.
 * Empty when the linker recorded none. Lives as long as the library. */
RBLNC_API rblnc_string rblnc_build_id(void);

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/* The exit statuses of the rblnc program. */
typedef enum rblnc_status {
  RBLNC_DONE = 0,
  /* The input, or an argument of a run, was rejected with a diagnostic. */
  RBLNC_REJECTED = 1,
  /* The call is wrong: a NULL, a short struct, an unknown target or option. */
  RBLNC_USAGE = 2,
  /* The bundle is corrupt, foreign or of another version. */
  RBLNC_BAD_BUNDLE = 4,
  /* A fault of rblnc, or no memory. */
  RBLNC_INTERNAL = 70,
  /* The call was told to stop: by its progress function, or by its rblnc_cancel. */
  RBLNC_INTERRUPTED = 130
} rblnc_status;

/* What a call has to say: errors and warnings in the order in which they were found. */
typedef struct rblnc_diagnostics rblnc_diagnostics;

/* As the program prints them: "file.py:12:8: error: ... [RBLN-C003]", notes and what to write instead, one a line. */
RBLNC_API rblnc_string rblnc_diagnostics_text(const rblnc_diagnostics *diagnostics);
/* A JSON array with an object for each: severity, message, frames (file, line, column, name), and where there is one
 * code, title, fix, notes. Mistakes of the caller (RBLNC_USAGE) have no code. */
RBLNC_API rblnc_string rblnc_diagnostics_json(const rblnc_diagnostics *diagnostics);
RBLNC_API size_t rblnc_diagnostics_count(const rblnc_diagnostics *diagnostics);
RBLNC_API void rblnc_diagnostics_release(rblnc_diagnostics *diagnostics);

/* ---- Faults of the library --------------------------------------------------------------------------------------- */

/* Not 0: from now on a fault of the library within a call makes that call return RBLNC_INTERNAL with a diagnostic, in
 * the place of ending the process: a signal (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT), an overflow of the
 * stack, and what LLVM calls a fatal error. 0, as in the beginning: it does not.
 *
 * While a call goes on the handlers of those signals are the library's. A signal that is not of a thread in a call, or
 * that somebody sent to the process, goes to the handler that was there before; faults of progress functions do too.
 * After the last call the handlers are again what they were, unless they were changed meanwhile.
 *
 * What the call used is not freed: its memory, and for a compilation a thread that stands still. Compilations share
 * more with each other than can be known to be sound then, so after a fault in one rblnc_compile gives RBLNC_INTERNAL
 * at once in this process (rblnc_is_faulted); bundles can be opened and run. A fault in the host's own allocator, where
 * the calling thread would wait for itself, ends the process after all. Builds with an address sanitizer contain
 * nothing. */
RBLNC_API void rblnc_contain_faults(int32_t on);
/* 1 when a compilation of this process had a fault, else 0. */
RBLNC_API int32_t rblnc_is_faulted(void);
/* For tests of what contains faults, and for nothing else: the next call that comes to `place` ("compile", "run",
 * "open", "compute", "report") has a fault of this kind: "SIGSEGV" and the other signals, "stack overflow",
 * "terminate", "fatal error", "usage error", "no memory", "no memory in LLVM". RBLNC_USAGE for others. */
RBLNC_API rblnc_status rblnc_provoke_fault(rblnc_string place, rblnc_string kind);

/* ---- Long calls -------------------------------------------------------------------------------------------------- */

/* How far a compilation or a run is. */
typedef struct rblnc_progress {
  size_t size;
  rblnc_string step; /* "plan", "run": what is being done */
  double fraction;   /* of a run, from 0 to 1; below 0 when nobody knows */
  double seconds;    /* since the call began */
  void *context;     /* progress_context of the options */
} rblnc_progress;

/* Called by the thread that made the call, at most about twenty times a second, and not at all in short calls. 0 goes
 * on; anything else stops the call, which then returns RBLNC_INTERRUPTED within some milliseconds. It must return. */
typedef int32_t (*rblnc_progress_function)(const rblnc_progress *progress);

/* Stops calls from elsewhere. */
typedef struct rblnc_cancel rblnc_cancel;
/* NULL without memory. */
RBLNC_API rblnc_cancel *rblnc_cancel_create(void);
/* Stops all calls that were given it, and all that will be. From any thread, and from a signal handler. */
RBLNC_API void rblnc_cancel_request(rblnc_cancel *cancel);
/* No call may be using it. */
RBLNC_API void rblnc_cancel_release(rblnc_cancel *cancel);

/* ---- Compiling --------------------------------------------------------------------------------------------------- */

/* A kernel in the device's language, verified. */
typedef struct rblnc_bundle rblnc_bundle;

/* Makes a scalar argument a constant. */
typedef struct rblnc_bind {
  rblnc_string name;
  rblnc_string value; /* a number as text: "128", "0.5" */
} rblnc_bind;

/* Declares the real shape of an array argument. */
typedef struct rblnc_shape {
  rblnc_string name;
  const int64_t *extents; /* each at least 1 */
  size_t rank;
} rblnc_shape;

typedef struct rblnc_compile_options {
  size_t size;
  rblnc_string target; /* a chip as `rblnc targets` lists them; empty: rbln-ca22 */
  rblnc_string name;   /* of the input, for diagnostics; empty: "kernel.ttir" */
  const rblnc_bind *binds;
  size_t bind_count;
  const rblnc_shape *shapes;
  size_t shape_count;
  int32_t strict;               /* not 0: warnings are errors */
  int32_t naive_partition_skip; /* not 0: rblib.partition_skip without the look at the element before */
  /* Positions of arguments that stay row-major on the device, as "1:2:3", counted from 0 without the result, which is
   * the last one that the kernel only writes; empty: none is named. Recorded in the bundle;
   * results are the same. */
  rblnc_string host_layout;
  /* "bf16" or "dlf16": the type that RBLNC_DEVICE rounds to; empty: the chip's own. Recorded in the bundle. */
  rblnc_string compute_dtype;
  rblnc_progress_function progress; /* NULL: nobody is told */
  void *progress_context;
  rblnc_cancel *cancel; /* NULL: nobody cancels */
  /* A folder whose entries `rblnc compile --cache` and `rblnc batch` share, made when it is not there; empty: none.
   * What is found there is what compiling gives, diagnostics included. A folder that cannot be used costs time, no
   * results. */
  rblnc_string cache;
} rblnc_compile_options;
#define RBLNC_COMPILE_OPTIONS_INIT                                                                                     \
  {sizeof(rblnc_compile_options), {0, 0}, {0, 0}, 0, 0, 0, 0, 0, 0, {0, 0}, {0, 0}, 0, 0, 0, {0, 0}}

/* Compiles a kernel's TTIR, or RBLN IR, given as text. The same text and options give the same bytes.
 *
 * options may be NULL for the defaults. *bundle gets the result; diagnostics may be NULL, else *diagnostics gets what
 * there is to say, warnings of a compilation that succeeds too, or NULL when there is nothing.
 *
 * The text may have at most 256 MiB. MLIR bytecode is refused: it has to be read in a process of its own, which a
 * library must not start (the rblnc program does). The work is done by a thread of the library's own, so that the
 * caller's stack may be small; the call returns when it is done. */
RBLNC_API rblnc_status rblnc_compile(const char *text, size_t text_size, const rblnc_compile_options *options,
                                     rblnc_bundle **bundle, rblnc_diagnostics **diagnostics);

/* ---- Bundles ----------------------------------------------------------------------------------------------------- */

/* Opens and verifies the bytes of a .rbln file, which are copied. Nothing in them is trusted: what is opened cannot
 * make a run read or write outside of its arrays, hang, or crash. diagnostics may be NULL. */
RBLNC_API rblnc_status rblnc_bundle_open(const void *data, size_t size, rblnc_bundle **bundle,
                                         rblnc_diagnostics **diagnostics);
/* Results of earlier runs stay valid. */
RBLNC_API void rblnc_bundle_release(rblnc_bundle *bundle);

/* The bytes of the .rbln file. */
RBLNC_API const void *rblnc_bundle_data(const rblnc_bundle *bundle, size_t *size);
RBLNC_API rblnc_string rblnc_bundle_kernel(const rblnc_bundle *bundle);
/* The chip that it was compiled for. */
RBLNC_API rblnc_string rblnc_bundle_target(const rblnc_bundle *bundle);
/* Of all of the file, in lower-case hex. */
RBLNC_API rblnc_string rblnc_bundle_digest(const rblnc_bundle *bundle);
/* 1 when rblnc_compile found it in the cache, else 0. */
RBLNC_API int32_t rblnc_bundle_is_cached(const rblnc_bundle *bundle);
/* Why rblnc_compile could not keep it in the cache; empty when it could, or was not asked to. */
RBLNC_API rblnc_string rblnc_bundle_cache_fault(const rblnc_bundle *bundle);

typedef enum rblnc_kind { RBLNC_TENSOR = 0, RBLNC_SCALAR = 1 } rblnc_kind;
typedef enum rblnc_direction { RBLNC_IN = 0, RBLNC_OUT = 1, RBLNC_INOUT = 2 } rblnc_direction;
/* An I1 takes a byte, 0 or 1. */
typedef enum rblnc_dtype {
  RBLNC_I1 = 0,
  RBLNC_I8 = 1,
  RBLNC_I16 = 2,
  RBLNC_I32 = 3,
  RBLNC_I64 = 4,
  RBLNC_F16 = 5,
  RBLNC_BF16 = 6,
  RBLNC_F32 = 7
} rblnc_dtype;

/* One argument of the kernel. */
typedef struct rblnc_argument {
  size_t size;
  rblnc_string name;
  int32_t kind;         /* rblnc_kind */
  int32_t dtype;        /* rblnc_dtype */
  int32_t direction;    /* rblnc_direction */
  int32_t has_shape;    /* whether the kernel determines the array's shape */
  const int64_t *shape; /* `rank` extents; NULL without a shape and for a scalar */
  size_t rank;
  int64_t extent;     /* elements that the array must have at least; 1 for a scalar */
  uint64_t bytes;     /* those elements in bytes */
  uint32_t alignment; /* bytes: what the chip wants; a run takes any address */
  uint32_t reserved;
} rblnc_argument;
#define RBLNC_ARGUMENT_INIT {sizeof(rblnc_argument), {0, 0}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

RBLNC_API size_t rblnc_bundle_argument_count(const rblnc_bundle *bundle);
/* Fills in *argument, whose `size` must be set. RBLNC_USAGE when there is no such argument. */
RBLNC_API rblnc_status rblnc_bundle_argument(const rblnc_bundle *bundle, size_t index, rblnc_argument *argument);

/* ---- Running ----------------------------------------------------------------------------------------------------- */

/* An array of the caller: a tensor in row-major order, or the bytes of a scalar. */
typedef struct rblnc_buffer {
  void *data;
  size_t size; /* bytes, at least those of the argument */
} rblnc_buffer;

typedef enum rblnc_numerics {
  RBLNC_IEEE = 0,  /* every type means what the IR says */
  RBLNC_DEVICE = 1 /* rounded to the chip's compute type */
} rblnc_numerics;

typedef struct rblnc_run_options {
  size_t size;
  int32_t numerics;          /* rblnc_numerics */
  int32_t checks;            /* not 0: look for uninitialised reads, races and divisions by zero, which takes time */
  uint64_t max_memory_bytes; /* that the device's memories may take of the host; 0: 16 GiB */
  int32_t profile;           /* not 0: keep what rblnc_result_report tells; a size without it is taken for 0 */
  int32_t reserved;
  rblnc_progress_function progress; /* NULL: nobody is told */
  void *progress_context;
  rblnc_cancel *cancel;     /* NULL: nobody cancels */
  int32_t no_append_checks; /* not 0: rows that rblib.insert puts into a partition may be lost (RBLN-R037) */
  int32_t reserved_2;
} rblnc_run_options;
#define RBLNC_RUN_OPTIONS_INIT {sizeof(rblnc_run_options), RBLNC_IEEE, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/* What a run tells beside the arrays that it wrote. */
typedef struct rblnc_result rblnc_result;

/* Runs the kernel once. arguments: one buffer for each argument, in the order of the signature, used in place; `count`
 * must be the number of arguments. What the kernel writes must not be memory of another argument too: nothing orders
 * what it does with the two. options may be NULL for the defaults. result and diagnostics may be NULL.
 *
 * RBLNC_REJECTED when an argument does not fit, when a scalar that the kernel loads is out of range, or when checks
 * find an error; in that last case *result is set too, and *diagnostics has what they found. Errors within the run, and
 * a stop, leave in the arrays what was written so far. *diagnostics becomes NULL when there is nothing to say.
 *
 * The memories of the emulated device are kept by each thread for its next run (at most 128 MiB) and freed when it
 * ends. */
RBLNC_API rblnc_status rblnc_run(const rblnc_bundle *bundle, const rblnc_buffer *arguments, size_t count,
                                 const rblnc_run_options *options, rblnc_result **result,
                                 rblnc_diagnostics **diagnostics);

/* The device's time by the model. 0 for NULL. */
RBLNC_API double rblnc_result_modelled_seconds(const rblnc_result *result);
/* The time that the emulation took on this host. 0 for NULL. */
RBLNC_API double rblnc_result_host_seconds(const rblnc_result *result);
/* Counts and modelled times: what `rblnc run --stats=FILE` writes but for the profile. Made when first asked for. */
RBLNC_API rblnc_string rblnc_result_json(const rblnc_result *result);

/* The forms of a profile: where the modelled time goes by command, by memory and by Python line. */
typedef enum rblnc_report_form {
  RBLNC_REPORT_JSON = 0,  /* what `rblnc run --stats=FILE` writes */
  RBLNC_REPORT_TABLE = 1, /* the same for a terminal */
  RBLNC_REPORT_TRACE = 2, /* for ui.perfetto.dev, as `rblnc run --trace=FILE` writes it: bytes, not text */
  RBLNC_REPORT_PAGE = 3   /* one HTML page that needs nothing else, as `rblnc report` writes it */
} rblnc_report_form;

/* A form of the run's profile, made when first asked for and kept with the result. Empty when the run was made without
 * `profile`, for NULL, and for a form that is none. */
RBLNC_API rblnc_string rblnc_result_report(const rblnc_result *result, rblnc_report_form form);
RBLNC_API void rblnc_result_release(rblnc_result *result);

/* ---- Single operations ------------------------------------------------------------------------------------------- */

/* An array that is only read. */
typedef struct rblnc_operand {
  const void *data;
  int32_t dtype; /* rblnc_dtype */
  int32_t reserved;
} rblnc_operand;

/* Sets `count` elements at `out` to what one operation of the device makes of the operands' elements, for interpreters
 * that must compute what a compiled kernel computes. `operation` is a name of arith or math: "addf", "divsi", "exp",
 * "fptosi"; "cmpf" and "cmpi" take MLIR's number of the predicate as `immediate`, which is 0 otherwise. `target` names
 * the chip to whose compute type f32 is rounded when numerics is RBLNC_DEVICE; empty: rbln-ca22. `out` may be one of
 * the operands' arrays when elements have the same size. "to_compute_type" copies f32, rounded to it. Symbols of device
 * libraries ("__nv_tanhf") are operations too, those that are several ones included; `out` is an array of its own then.
 * diagnostics may be NULL.
 *
 * RBLNC_USAGE when there is no such operation on these dtypes. */
RBLNC_API rblnc_status rblnc_compute(rblnc_string operation, uint64_t immediate, int32_t dtype, void *out,
                                     const rblnc_operand *operands, size_t operand_count, size_t count,
                                     int32_t numerics, rblnc_string target, rblnc_diagnostics **diagnostics);

/* What is known of a function of a device library. */
typedef struct rblnc_function_info {
  size_t size;            /* sizeof(rblnc_function_info) */
  rblnc_string types;     /* "f(ff)": its result's and its operands', f for f32, i for i32, l for i64, s for i16 */
  rblnc_string operation; /* the one operation that it is: "addf"; empty where it is several */
} rblnc_function_info;

/* By its symbol, "__nv_tanhf". RBLNC_USAGE when kernels that call it are not compiled, or `size` is wrong. */
RBLNC_API rblnc_status rblnc_library_function(rblnc_string symbol, rblnc_function_info *info);

/* A figure of a chip that is a number, by its name in `rblnc targets NAME`: "line_elements". An empty target is
 * rbln-ca22. RBLNC_USAGE when there is no such chip or figure. */
RBLNC_API rblnc_status rblnc_target_figure(rblnc_string target, rblnc_string key, double *value);

#ifdef __cplusplus
}
#endif

#endif /* RBLNC_RBLNC_H */
