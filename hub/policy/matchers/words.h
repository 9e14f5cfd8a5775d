#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decision.h"

namespace yimen::policy::matchers {

/// Helpers of the matchers. Any thread.

inline bool contains(const std::vector<std::string>& words, std::string_view word) noexcept {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// "kind=a|b", sorted, so that equal conditions have equal texts and lint can compare their words.
inline std::string fingerprintOf(std::string_view kind, std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    std::string text = std::string(kind) + "=";
    for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : "|") + words[i];
    return text;
}

/// "A 或 B" / "A or B".
inline Wording oneOf(const std::vector<Wording>& choices) {
    Wording text;
    for (const Wording& choice : choices) {
        text.zh += (text.zh.empty() ? "" : " 或 ") + choice.zh;
        text.en += (text.en.empty() ? "" : " or ") + choice.en;
    }
    return text;
}

/// What is needed: one of the choices, or none of them.
inline Wording needOf(const std::vector<Wording>& choices, bool wanted) {
    Wording text = oneOf(choices);
    if (!wanted) text = {"不是 " + text.zh, "not " + text.en};
    return text;
}

inline Wording nothingWording() {
    return {"无", "none"};
}

}  // namespace yimen::policy::matchers
