# Writes plugin_template.cpp, which holds the files that `yimen plugin new` writes. Sets PLUGIN_TEMPLATE_SOURCE.
set(files "plugins/template/CMakeLists.txt|CMakeLists.txt" "plugins/template/plugin.cpp|plugin.cpp"
          "plugins/template/test.cpp|test.cpp" "plugins/template/README.md|README.md" "plugins/exports.map|exports.map"
          "hub/plugin/include/yimen_plugin.h|include/yimen_plugin.h"
          "plugins/include/yimen/plugin.hpp|include/yimen/plugin.hpp"
          "plugins/include/yimen/config.hpp|include/yimen/config.hpp"
          "plugins/include/yimen/harness.hpp|include/yimen/harness.hpp")
set(content "#include \"main/plugin_template.h\"\n\n#include <array>\n\nnamespace yimen::main {\n\nnamespace {\n\n")
list(LENGTH files count)
string(APPEND content "constexpr std::array<TemplateFile, ${count}> kFiles{{\n")
foreach(file ${files})
  string(REPLACE "|" ";" pair "${file}")
  list(GET pair 0 source)
  list(GET pair 1 path)
  file(READ ${CMAKE_SOURCE_DIR}/${source} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${source})
  string(APPEND content "    {\"${path}\", R\"yimen(${text})yimen\"},\n")
endforeach()
string(APPEND content "}};\n\n}  // namespace\n\nconst std::span<const TemplateFile> kPluginTemplate{kFiles};\n\n}  // namespace yimen::main\n")
set(PLUGIN_TEMPLATE_SOURCE ${CMAKE_CURRENT_BINARY_DIR}/plugin_template.cpp)
set(before "")
if(EXISTS ${PLUGIN_TEMPLATE_SOURCE})
  file(READ ${PLUGIN_TEMPLATE_SOURCE} before)
endif()
if(NOT before STREQUAL content)
  file(WRITE ${PLUGIN_TEMPLATE_SOURCE} "${content}")
endif()
