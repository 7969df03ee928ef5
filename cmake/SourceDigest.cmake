# cmake -DROOT=… -DOUTPUT=… [-DEXTRA=…] -P SourceDigest.cmake
#
# Writes a header with one digest over all sources of the compiler and over EXTRA (what else decides what it does: the
# tools and libraries that it is built with). Two builds with the same digest compile the same input to the same bytes.
file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/include/rblnc/*" "${ROOT}/src/*")
list(SORT files)
set(all "${EXTRA}\n")
foreach(file IN LISTS files)
  if(file MATCHES "\\.md$")
    continue()
  endif()
  file(SHA256 "${ROOT}/${file}" digest)
  string(APPEND all "${digest} ${file}\n")
endforeach()
string(SHA256 digest "${all}")
set(text "#define RBLNC_SOURCE_DIGEST \"${digest}\"\n")
set(old "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" old)
endif()
if(NOT text STREQUAL old)
  file(WRITE "${OUTPUT}" "${text}")
endif()
