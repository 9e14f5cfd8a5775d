# The warning set of the house; every warning is an error. Linked privately by every target of ours.
add_library(yimen_warnings INTERFACE)
set(common
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
    -Wformat=2 -Woverloaded-virtual -Wnull-dereference -Wextra-semi -Wundef -Werror)
set(gnu -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast)
# -Wnull-dereference sees ghosts through inlined standard containers when the optimiser is on together with a sanitizer.
if(YIMEN_SANITIZE)
  list(REMOVE_ITEM common -Wnull-dereference)
endif()
target_compile_options(
  yimen_warnings INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${common}>"
                           "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:${gnu}>" "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wthread-safety>")
