# rblnc_add_room(NAME [ROOMS room...] [LIBS lib...] [GENERATED target...] [PRECOMPILED set])
#
# One room is one static library `rblnc_<name>` made of src/<name>/*.cpp, with public headers in include/rblnc/<name>.
# ROOMS are the earlier rooms that it may use. PRECOMPILED names the set of headers of src/precompiled
# that is parsed once for all rooms that take it.
function(rblnc_add_room name)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "ROOMS;LIBS;GENERATED" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(NOT sources)
    set(sources "${CMAKE_CURRENT_BINARY_DIR}/empty.cpp")
    file(WRITE "${sources}" "")
  endif()
  add_library(rblnc_${name} STATIC ${sources})
  target_include_directories(rblnc_${name}
    PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include"
    PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_BINARY_DIR}")
  list(TRANSFORM ARG_ROOMS PREPEND rblnc_)
  target_link_libraries(rblnc_${name} PUBLIC ${ARG_ROOMS} ${ARG_LIBS} rblnc_llvm PRIVATE rblnc_flags)
  target_link_libraries(rblnc_${name} INTERFACE rblnc_flags)
  if(ARG_PRECOMPILED)
    target_precompile_headers(rblnc_${name} REUSE_FROM rblnc_precompiled_${ARG_PRECOMPILED})
    set_target_properties(rblnc_${name} PROPERTIES RBLNC_PRECOMPILED ${ARG_PRECOMPILED})
  endif()
  # Generated headers of earlier rooms must exist before this room compiles.
  foreach(dep IN LISTS ARG_ROOMS)
    get_target_property(generated ${dep} RBLNC_GENERATED)
    if(generated)
      list(APPEND ARG_GENERATED ${generated})
    endif()
  endforeach()
  if(ARG_GENERATED)
    list(REMOVE_DUPLICATES ARG_GENERATED)
    add_dependencies(rblnc_${name} ${ARG_GENERATED})
    set_target_properties(rblnc_${name} PROPERTIES RBLNC_GENERATED "${ARG_GENERATED}")
  endif()
endfunction()

# rblnc_tablegen(TARGET room Foo.td -gen-op-decls FooOps.h.inc -gen-op-defs FooOps.cpp.inc ...)
#
# Runs mlir-tblgen on include/rblnc/<room>/Foo.td; the outputs land in <build>/include/rblnc/<room>/. A caller that has
# set `generated_td` names the .td files that are made before.
function(rblnc_tablegen target room td)
  set(LLVM_TARGET_DEFINITIONS "${PROJECT_SOURCE_DIR}/include/rblnc/${room}/${td}")
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/include/rblnc/${room}")
  list(TRANSFORM MLIR_INCLUDE_DIRS PREPEND "-I" OUTPUT_VARIABLE mlir_includes)
  set(outputs)
  set(rest ${ARGN})
  while(rest)
    list(POP_FRONT rest flag output)
    set(path "${PROJECT_BINARY_DIR}/include/rblnc/${room}/${output}")
    separate_arguments(flag)
    add_custom_command(OUTPUT "${path}"
      COMMAND mlir-tblgen ${flag} -I "${PROJECT_SOURCE_DIR}/include" -I "${PROJECT_BINARY_DIR}/include" ${mlir_includes}
              "${LLVM_TARGET_DEFINITIONS}" --write-if-changed -o "${path}" -d "${path}.d"
      DEPENDS "${LLVM_TARGET_DEFINITIONS}" ${generated_td} DEPFILE "${path}.d"
      COMMENT "tblgen rblnc/${room}/${output}" VERBATIM)
    list(APPEND outputs "${path}")
  endwhile()
  add_custom_target(${target} DEPENDS ${outputs})
endfunction()

# rblnc_scalar_ops(SCHEMA|ODS path): makes the file from the table of scalar operations, as ScalarOps.cmake says.
function(rblnc_scalar_ops form path)
  set(table "${PROJECT_SOURCE_DIR}/include/rblnc/support/ScalarOps.def")
  set(script "${PROJECT_SOURCE_DIR}/cmake/ScalarOps.cmake")
  add_custom_command(OUTPUT "${path}"
    COMMAND "${CMAKE_COMMAND}" "-DTABLE=${table}" "-D${form}=${path}" -P "${script}"
    DEPENDS "${table}" "${script}" VERBATIM)
endfunction()
