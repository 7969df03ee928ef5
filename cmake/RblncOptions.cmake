# Build options and the compile flags that every target of the project shares.
option(RBLNC_TESTS "Build the tests" ON)
option(RBLNC_WERROR "Treat warnings as errors" ON)
option(RBLNC_FUZZERS "Build the libFuzzer targets (clang only)" OFF)
set(RBLNC_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=<list>")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(rblnc_flags INTERFACE)
# libstdc++ 12 implements std::stable_sort with a function that it declares deprecated, hence -Wno-deprecated-declarations.
target_compile_options(rblnc_flags INTERFACE
  -Wno-deprecated-declarations -Wall -Wextra -Wpedantic -Wno-unused-parameter -fvisibility=hidden
  -ffp-contract=off -fno-math-errno -ffunction-sections -fdata-sections)
# What is precompiled must not depend on when it was: ccache compares it by content.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(rblnc_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
  set(CMAKE_PCH_INSTANTIATE_TEMPLATES ON)
endif()
if(RBLNC_WERROR)
  target_compile_options(rblnc_flags INTERFACE -Werror)
endif()
if(RBLNC_SANITIZE)
  target_compile_options(rblnc_flags INTERFACE -fsanitize=${RBLNC_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(rblnc_flags INTERFACE -fsanitize=${RBLNC_SANITIZE})
  if(RBLNC_SANITIZE MATCHES "address")
    # The sanitizer's runtime looks for it weakly, which does not pull src/support/AsanOptions.cpp out of its library.
    target_link_options(rblnc_flags INTERFACE -Wl,-u,__asan_default_options)
  endif()
else()
  target_link_options(rblnc_flags INTERFACE -Wl,--gc-sections -Wl,--as-needed)
endif()

find_program(RBLNC_LLD NAMES ld.lld-22 ld.lld)
if(RBLNC_LLD)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_link_options(rblnc_flags INTERFACE --ld-path=${RBLNC_LLD})
  else()
    target_link_options(rblnc_flags INTERFACE -fuse-ld=lld)
  endif()
endif()

find_program(RBLNC_CCACHE ccache)
if(RBLNC_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${RBLNC_CCACHE})
endif()
