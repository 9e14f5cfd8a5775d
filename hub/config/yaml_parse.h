#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "config/yaml.h"
#include "config/yaml_tree.h"
#include "core/result.h"

/// The seam to yaml-cpp: its exceptions and types end here. Inner part of this folder.
namespace yimen::config::detail {

core::Result<std::shared_ptr<const YamlTree>> parseYaml(std::string_view text, const std::string& fileName,
                                                        const YamlLimits& limits);

/// "file:line:column: what"
core::Error errorAt(const std::string& file, YamlPosition at, std::string_view what);

}  // namespace yimen::config::detail
