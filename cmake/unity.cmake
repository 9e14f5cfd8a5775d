# Several files compiled as one (cmake/unity.py), where whole builds are made: the release preset. The others compile file
# by file: quick to build again after a change, and what a file forgot to include is found there.
set(YIMEN_UNITY 1 CACHE STRING "how many files of a target to compile as one; 1: each for itself")

# yimen_unity(<variable> <name> <base>): the sources in the variable become what to compile for the target of that name;
# base is one of its include folders.
function(yimen_unity variable name base)
  if(YIMEN_UNITY LESS 2)
    return()
  endif()
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/cmake/unity.py ${base}
                          ${CMAKE_CURRENT_BINARY_DIR}/unity/${name} ${YIMEN_UNITY} ${${variable}}
                  OUTPUT_VARIABLE merged COMMAND_ERROR_IS_FATAL ANY)
  # To the compiler these sources are headers, where a type of an unnamed namespace in a member would be a fault.
  set(written ${merged})
  list(FILTER written INCLUDE REGEX "/unity_[0-9]+\\.cpp$")
  # And what gcc 12 inlines across files makes it see ghosts in std::string (its bug 105651), here and there and gone with
  # the next change: these stay warnings here and errors where files are compiled one by one.
  set(options -Wno-subobject-linkage)
  foreach(ghost array-bounds restrict stringop-overflow stringop-overread maybe-uninitialized null-dereference)
    list(APPEND options -Wno-error=${ghost})
  endforeach()
  set_source_files_properties(${written} PROPERTIES COMPILE_OPTIONS "$<$<CXX_COMPILER_ID:GNU>:${options}>")
  set(${variable} ${merged} PARENT_SCOPE)
endfunction()
