#include "sync/formats/end_mark.h"

namespace yimen::sync {

namespace {
constexpr std::string_view kCount = "{count}";
}

bool looksLikeEndMark(std::string_view line, std::string_view pattern) noexcept {
    const std::string_view prefix = pattern.substr(0, pattern.find(kCount));
    return !prefix.empty() && line.starts_with(prefix);
}

std::string endMark(std::string_view pattern, unsigned long long records) {
    std::string text(pattern);
    const auto at = text.find(kCount);
    if (at != std::string::npos) text.replace(at, kCount.size(), std::to_string(records));
    return text;
}

}  // namespace yimen::sync
