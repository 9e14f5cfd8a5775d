# Precompiled headers, for gcc and the release preset: a good half of what a file costs to compile is the standard library and
# GoogleTest. They are made once for the libraries and once for the tests, and once more of each for the few folders that
# compile with Poco's definitions, because gcc takes one only where macros and code generation are those it was made with.
# The other presets go without: every file still includes what it uses.
option(YIMEN_PCH "precompile the headers of cmake/pch (gcc)" OFF)
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(YIMEN_PCH OFF)
endif()
if(YIMEN_PCH)
  # One code generation for libraries and programs, so that both can share.
  set(CMAKE_CXX_COMPILE_OPTIONS_PIE ${CMAKE_CXX_COMPILE_OPTIONS_PIC})
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)  # lets ccache see that one is used
endif()

# yimen_make_pch(<target> <header> [LINKS <targets...>]): a target that holds nothing but the precompiled header. Headers
# are named as in #include <...>: no path of this checkout may stand in them, or a compiler cache would not know them again.
function(yimen_make_pch target header)
  if(NOT YIMEN_PCH)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  set(empty ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  file(CONFIGURE OUTPUT ${empty} CONTENT "")
  add_library(${target} OBJECT ${empty})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch)
  target_link_libraries(${target} PRIVATE ${ARG_LINKS} yimen_warnings)
  target_precompile_headers(${target} PRIVATE <${header}>)
  # gcc never writes the same bytes twice; with this beside them ccache looks here (CCACHE_PCH_EXTSUM, scripts/lib.sh).
  file(STRINGS ${CMAKE_SOURCE_DIR}/cmake/pch/${header} lines)
  file(STRINGS ${CMAKE_SOURCE_DIR}/cmake/pch/yimen_library_pch.h more)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.gch.sum
       CONTENT "${CMAKE_CXX_COMPILER_VERSION} ${GTest_VERSION} ${Poco_VERSION} ${CMAKE_BUILD_TYPE} ${ARG_LINKS} ${lines} ${more}")
endfunction()

# yimen_use_pch(<target> <target with the precompiled header>)
function(yimen_use_pch target from)
  if(YIMEN_PCH)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()
