#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yimen::lua {

/// A text on its way to or from a script; nil when data() is nullptr, which the empty text is not.
using TextView = std::string_view;

/// A function of the host that takes texts and gives one, without a Value for any of them: for scripts that see
/// millions of cells. Numbers and booleans come as their text. The answer is a view that stays good until the next
/// call; false: the script gets an error with the text of `out` as its message. Must not touch the state.
using TextFunction = std::function<bool(std::span<const TextView> arguments, TextView& out)>;
inline constexpr int kMaxTextArguments = 16;

/// Text functions that scripts see as name.function(...). A value; the state that takes it keeps it.
struct TextLibrary {
    std::string name;  ///< empty: none
    std::vector<std::pair<std::string, std::unique_ptr<TextFunction>>> functions;

    void add(std::string function, TextFunction body) {
        functions.emplace_back(std::move(function), std::make_unique<TextFunction>(std::move(body)));
    }
};

}  // namespace yimen::lua
