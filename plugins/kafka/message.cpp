#include "message.h"

#include <algorithm>

#include "json.h"

namespace yimen::kafka {

namespace {

using sdk::Batch;
using sdk::Failure;

constexpr int kMaxPath = 8;

std::string_view bytesOf(const void* data, std::size_t length) noexcept {
    return data == nullptr ? std::string_view{} : std::string_view(static_cast<const char*>(data), length);
}

/// The text of a JSON value: a text without its quotes, null is nothing, the rest as written.
std::optional<std::string> textOf(std::string_view written) {
    if (written == "null") return std::nullopt;
    return written.front() == '"' ? jsonUnescape(written) : std::string(written);
}

std::string placeOf(const rd_kafka_message_t& message) {
    return std::string(rd_kafka_topic_name(message.rkt)) + "/" + std::to_string(message.partition) + "/" +
           std::to_string(message.offset);
}

}  // namespace

MessageForm::MessageForm(const sdk::Config& config) : columns_(config.list("read.columns")) {
    if (columns_.empty()) {
        throw Failure(YIMEN_INVALID,
                      "须写 read.columns / read.columns names the members of the messages that become columns");
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!byName_.emplace(columns_[i], i).second) {
            throw Failure(YIMEN_INVALID, "列重复 / read.columns names '" + columns_[i] + "' twice");
        }
        nested_ = nested_ || columns_[i].find('.') != std::string::npos;
    }
    for (const std::string& name : config.list("read.key")) {
        const auto found = byName_.find(name);
        if (found == byName_.end()) {
            throw Failure(YIMEN_INVALID, "主键列未列出 / read.key: '" + name + "' is none of read.columns");
        }
        key_.push_back(found->second);
    }
}

void MessageForm::add(const rd_kafka_message_t& message, Batch& into) const {
    const std::string_view value = bytesOf(message.payload, message.len);
    const std::string_view key = bytesOf(message.key, message.key_len);
    const bool gone = message.payload == nullptr;
    const auto origin = static_cast<std::uint64_t>(message.offset);
    Cells cells(columns_.size());
    try {
        if (!gone) {
            JsonScanner whole(value);
            if (whole.peek() != '{') throw BadJson("the value is no JSON object");
            (void)whole.value();
            whole.finish();
            fromValue(value, {}, 0, cells);
        }
        fromKey(key, cells);
        for (const std::size_t number : key_) {
            if (!cells[number]) throw BadJson("the key '" + columns_[number] + "' is missing");
        }
        if (gone && key_.empty()) throw BadJson("a deletion, but read.key does not say what its key is");
    } catch (const BadJson& fault) {
        return into.refuse(origin, placeOf(message),
                           std::string("消息无法解析 / the message is not as agreed: ") + fault.what(),
                           gone ? key : value);
    }
    ofMessage(message, cells);
    into.beginRow(origin, gone ? YIMEN_ROW_DELETE : YIMEN_ROW_UPSERT);
    for (const auto& cell : cells) {
        if (cell) {
            into.add(*cell);
        } else {
            into.addNull();
        }
    }
}

void MessageForm::fromValue(std::string_view object, const std::string& before, int depth, Cells& cells) const {
    JsonScanner scanner(object);
    scanner.members([&](const std::string& name, std::string_view written) {
        const auto found = byName_.find(before + name);
        if (found != byName_.end()) cells[found->second] = textOf(written);
        if (nested_ && written.front() == '{' && depth < kMaxPath) {
            fromValue(written, before + name + ".", depth + 1, cells);
        }
    });
}

void MessageForm::setKey(std::size_t number, std::string_view written, Cells& cells) const {
    // What the value says of its key comes first.
    if (!cells[number]) cells[number] = textOf(written);
}

void MessageForm::fromKey(std::string_view key, Cells& cells) const {
    if (key_.empty() || key.empty()) return;
    const bool object = key.front() == '{';
    if (!object && key_.size() == 1) {
        if (!cells[key_[0]])
            cells[key_[0]] = key.front() == '"' && key.size() > 1 ? jsonUnescape(key) : std::string(key);
        return;
    }
    JsonScanner scanner(key);
    if (object) {
        scanner.members([&](const std::string& name, std::string_view written) {
            const auto found = byName_.find(name);
            const bool ours =
                found != byName_.end() && std::find(key_.begin(), key_.end(), found->second) != key_.end();
            if (ours) setKey(found->second, written, cells);
        });
    } else {
        std::size_t number = 0;
        scanner.elements([&](std::string_view written) {
            if (number < key_.size()) setKey(key_[number], written, cells);
            ++number;
        });
        if (number != key_.size()) throw BadJson("the key has " + std::to_string(number) + " parts");
    }
    scanner.finish();
}

void MessageForm::ofMessage(const rd_kafka_message_t& message, Cells& cells) const {
    const auto set = [&](const char* name, const std::string& text) {
        const auto found = byName_.find(name);
        if (found != byName_.end()) cells[found->second] = text;
    };
    rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const std::int64_t at = rd_kafka_message_timestamp(&message, &kind);
    if (kind != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE) set("$timestamp", std::to_string(at));
    set("$partition", std::to_string(message.partition));
    set("$offset", std::to_string(message.offset));
    if (message.key != nullptr) set("$key", std::string(bytesOf(message.key, message.key_len)));
}

}  // namespace yimen::kafka
