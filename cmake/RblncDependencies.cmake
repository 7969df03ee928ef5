# Where each dependency comes from. All are Debian packages; tests/setup.sh lists and installs them.
find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
message(STATUS "MLIR ${MLIR_VERSION} in ${MLIR_DIR}")
list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
# LLVM's exported targets name zstd's; its own find module sits beside its configuration.
find_package(zstd REQUIRED)
include(TableGen)
include(AddLLVM)
include(AddMLIR)

find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
# Their headers without their shared libraries: what the headers leave out is compiled by src/support/Fmt.cpp and
# src/cli/terminal/Spdlog.cpp.
foreach(name fmt spdlog)
  add_library(rblnc_${name} INTERFACE)
  foreach(kind COMPILE_DEFINITIONS INCLUDE_DIRECTORIES)
    set_property(TARGET rblnc_${name} PROPERTY INTERFACE_${kind} "$<TARGET_PROPERTY:${name}::${name},INTERFACE_${kind}>")
  endforeach()
endforeach()
target_link_libraries(rblnc_spdlog INTERFACE rblnc_fmt)
find_program(RBLNC_FLATC flatc REQUIRED)
find_path(RBLNC_FLATBUFFERS_INCLUDE flatbuffers/flatbuffers.h REQUIRED)
find_path(RBLNC_TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)
if(RBLNC_TESTS)
  find_package(Catch2 2 REQUIRED)
endif()

# LLVM's headers are not clean under our warnings, so they are system headers here.
add_library(rblnc_llvm INTERFACE)
target_include_directories(rblnc_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
separate_arguments(RBLNC_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(rblnc_llvm INTERFACE ${RBLNC_LLVM_DEFINITIONS})

# Debian's MLIR libraries name the shared libLLVM in their link interface. The program is linked statically, so that it
# starts in milliseconds and has one copy of LLVM: the part of LLVM that MLIR's core needs stands in for it.
get_property(mlir_libraries GLOBAL PROPERTY MLIR_ALL_LIBS)
foreach(library IN LISTS mlir_libraries)
  if(NOT TARGET ${library})
    continue()
  endif()
  get_target_property(needs ${library} INTERFACE_LINK_LIBRARIES)
  if("LLVM" IN_LIST needs)
    list(TRANSFORM needs REPLACE "^LLVM$" "LLVMSupport")
    set_target_properties(${library} PROPERTIES INTERFACE_LINK_LIBRARIES "${needs}")
  endif()
endforeach()
