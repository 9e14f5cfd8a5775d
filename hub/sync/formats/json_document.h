#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yimen::sync {

/// One value of a JSON document. Numbers are the text they were written as, so that a 20-digit id survives; texts are
/// unescaped; an array or object is its own JSON text. Good while the visit lasts.
struct JsonValue {
    enum class Kind { kNull, kBoolean, kNumber, kText, kArray, kObject };
    Kind kind = Kind::kNull;
    std::string_view text;
};

/// A JSON document (RFC 8259, UTF-8), checked as a whole before anything of it is given. Reads by simdjson On-Demand.
/// One thread.
class JsonDocument {
public:
    /// Nesting above this is refused.
    static constexpr std::size_t kMaxDepth = 64;

    /// `name` is the document's name for people. The error says line and byte.
    static core::Result<JsonDocument> parse(std::string_view text, std::string name);
    JsonDocument(JsonDocument&&) noexcept;
    JsonDocument& operator=(JsonDocument&&) noexcept;
    ~JsonDocument();

    /// The value at a JSON pointer (RFC 6901; "" is the document). Nothing when there is none. kInvalidInput for what
    /// is no pointer.
    core::Result<std::optional<std::string>> textAt(const std::string& pointer);

    /// What a walk over records gives. Paths are member names and array numbers joined by '/'.
    struct Visit {
        /// Before the members of record `number` (from 0). `raw` is its JSON text; what is no object has no members.
        std::function<void(std::size_t number, JsonValue::Kind kind, std::string_view raw)> record;
        std::function<void(std::string_view path, const JsonValue& value)> member;
        /// Whether the members of that object or array are wanted one by one, after its own visit.
        std::function<bool(std::string_view path)> enter;
    };
    /// Each record of the array at `pointer`; an object there is one record. kUpstream when it is neither.
    core::Status eachRecord(const std::string& pointer, const Visit& visit);

    const std::string& name() const noexcept { return name_; }

private:
    struct Inner;
    JsonDocument(std::unique_ptr<Inner> inner, std::string name);
    std::unique_ptr<Inner> inner_;
    std::string name_;
};

}  // namespace yimen::sync
