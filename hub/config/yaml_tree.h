#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What YamlNode points into. Inner part of this folder.
namespace yimen::config::detail {

struct YamlPosition {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

struct YamlItem {
    enum class Kind : std::uint8_t { kNull, kScalar, kList, kMap };

    Kind kind = Kind::kNull;
    bool quoted = false;  ///< a scalar in quotes or a block: always a text
    YamlPosition at;
    std::string scalar;
    std::vector<std::string> keys;  ///< of a map, in document order, beside `children`
    std::vector<YamlPosition> keysAt;
    std::vector<std::size_t> children;
};

struct YamlTree {
    std::string file;
    std::vector<YamlItem> items;  ///< item 0 is the root
};

}  // namespace yimen::config::detail
