#pragma once

#include <span>
#include <string_view>

namespace yimen::main {

/// A file of the folder that `yimen plugin new` writes; "@NAME@" in it is the plugin's name.
struct TemplateFile {
    std::string_view path;
    std::string_view text;
};

/// plugins/template, the interface and the wrapper, taken into the program when it is built
/// (cmake/plugin_template.cmake).
extern const std::span<const TemplateFile> kPluginTemplate;

}  // namespace yimen::main
