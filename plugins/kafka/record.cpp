#include "record.h"

#include <algorithm>

namespace yimen::kafka {

using sdk::Failure;

RecordForm::RecordForm(std::string_view item) {
    const sdk::Config config(item);
    code_ = config.text("code");
    table_ = config.text("table");
    run_ = config.text("run", "0");
    for (std::size_t i = 0; config.has("fields." + std::to_string(i) + ".name"); ++i) {
        const std::string at = "fields." + std::to_string(i);
        const std::string type = config.text(at + ".type");
        columns_.push_back({sdk::jsonText(config.text(at + ".name")) + ":",
                            type == "integer" || type == "boolean" || type == "json", config.flag(at + ".key")});
        if (columns_.back().key) ++keys_;
    }
    if (code_.empty() || keys_ == 0) throw Failure(YIMEN_INVALID, "an item needs a code and a key");
}

std::string RecordForm::key(const sdk::Rows& rows, std::size_t row) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (columns_[i].key) parts.emplace_back(rows.text(row, i));
    }
    return parts.size() == 1 ? parts[0] : sdk::jsonList(parts);
}

std::string RecordForm::value(const sdk::Rows& rows, std::size_t row) const {
    std::string out = "{";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) out += ',';
        out += columns_[i].name;
        if (rows.isNull(row, i)) {
            out += "null";
        } else if (columns_[i].bare) {
            out += rows.text(row, i);
        } else {
            out += sdk::jsonText(rows.text(row, i));
        }
    }
    return out + '}';
}

std::string topicName(const std::string& pattern, const RecordForm& form) {
    constexpr std::size_t kMaxName = 249;
    std::string out = pattern;
    for (const auto& [word, text] :
         {std::pair<std::string, std::string>{"{code}", form.code()}, {"{table}", form.table()}}) {
        const std::size_t at = out.find(word);
        if (at != std::string::npos) out.replace(at, word.size(), text);
    }
    const bool good = !out.empty() && out.size() <= kMaxName && out != "." && out != ".." &&
                      std::all_of(out.begin(), out.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                 c == '.' || c == '_' || c == '-';
                      });
    if (!good) {
        throw Failure(YIMEN_INVALID, "主题名无效 / sink.topic gives '" + out +
                                         "', which is no name of a topic: letters, digits, '.', '_', '-', at most 249");
    }
    return out;
}

}  // namespace yimen::kafka
