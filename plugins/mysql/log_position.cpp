#include "log_position.h"

#include <cstdlib>
#include <yimen/plugin.hpp>

namespace yimen::mysql {

namespace {

std::uint64_t numberOf(const std::string& file) {
    const std::size_t dot = file.rfind('.');
    return dot == std::string::npos ? 0 : std::strtoull(file.c_str() + dot + 1, nullptr, 10);
}

}  // namespace

bool LogPlace::isAtLeast(const LogPlace& other) const {
    const std::uint64_t mine = numberOf(file);
    const std::uint64_t theirs = numberOf(other.file);
    return mine == theirs ? at >= other.at : mine > theirs;
}

LogPosition LogPosition::parse(std::string_view text) {
    LogPosition out;
    const sdk::Config json(text);
    out.place = {json.text("file"), static_cast<std::uint64_t>(json.number("at"))};
    out.log = json.text("log");
    if (json.has("load")) out.load = json.text("load");
    if (out.place.file.empty() || out.place.at < 4) {
        throw sdk::Failure(
            YIMEN_CORRUPT,
            "检查点不是日志位置，请整读一次 / the checkpoint is no place in a log: read completely (--full)");
    }
    return out;
}

std::string LogPosition::text() const {
    std::string out = "{\"file\":" + sdk::jsonText(place.file) + ",\"at\":\"" + std::to_string(place.at) +
                      "\",\"log\":" + sdk::jsonText(log);
    if (load) out += ",\"load\":" + sdk::jsonText(*load);
    return out + "}";
}

}  // namespace yimen::mysql
