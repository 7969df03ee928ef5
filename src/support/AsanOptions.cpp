// Defaults of AddressSanitizer for the programs of an instrumented build. LLVM and MLIR come from Debian without
// instrumentation: containers that they and we both grow would be reported as overflows, and LLVM's allocators poison
// memory that its uninstrumented parts then use.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
extern "C" __attribute__((visibility("default"))) const char *__asan_default_options() {
  return "allow_user_poisoning=0:detect_container_overflow=0";
}
#endif
#endif
