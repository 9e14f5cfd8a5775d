#include "sync/sources/files_position.h"

#include <algorithm>

#include "core/json.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Json;
using core::makeError;
using core::Result;

std::int64_t timeOf(const FileEntry& entry) {
    return entry.modified ? core::toUnixMicros(*entry.modified) : 0;
}

}  // namespace

Result<FilesPosition> FilesPosition::parse(const Position& text) {
    FilesPosition out;
    if (text.empty()) return out;
    YIMEN_TRY(const Json json, core::parseJson(text));
    const auto broken = [] { return makeError(ErrorCode::kCorrupt, "检查点无效 / not a position of a files source"); };
    if (!json.is_object()) return broken();
    for (const Json& one : json.value("done", Json::array())) {
        const bool form = one.is_array() && one.size() == 4 && one[0].is_string() && one[1].is_number_unsigned() &&
                          one[2].is_number_integer() && one[3].is_string();
        if (!form) return broken();
        out.done.push_back({one[0].get<std::string>(), one[1].get<std::uint64_t>(), one[2].get<std::int64_t>(),
                            one[3].get<std::string>()});
    }
    const core::JsonReader reader(json);
    if (!reader.has("file")) return out;
    YIMEN_TRY(out.file, reader.text("file"));
    YIMEN_TRY(out.hash, reader.text("hash"));
    YIMEN_TRY(const std::int64_t line, reader.integer("line"));
    out.line = static_cast<std::uint64_t>(line);
    return out;
}

Position FilesPosition::text() const {
    Json json = Json::object();
    json["done"] = Json::array();
    for (const Done& one : done) json["done"].push_back({one.name, one.size, one.modified, one.hash});
    if (!file.empty()) {
        json["file"] = file;
        json["hash"] = hash;
        json["line"] = line;
    }
    return core::writeJson(json);
}

bool FilesPosition::knows(const FileEntry& entry) const {
    return std::any_of(done.begin(), done.end(), [&](const Done& one) {
        return one.name == entry.name && one.size == entry.size && one.modified == timeOf(entry);
    });
}

bool FilesPosition::knowsContent(const std::string& content) const {
    return std::any_of(done.begin(), done.end(), [&](const Done& one) { return one.hash == content; });
}

void FilesPosition::finish(const FileEntry& entry) {
    done.push_back({entry.name, entry.size, timeOf(entry), hash});
    if (done.size() > kMaxRemembered) done.erase(done.begin());
    file.clear();
    hash.clear();
    line = 0;
}

}  // namespace yimen::sync
