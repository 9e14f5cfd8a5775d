#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace yimen::lua {

struct Table;

/// A Lua value outside a state: nil, boolean, integer, number, text or table. Functions and user data have no form
/// here. Copies share tables. A value; any thread as long as nobody changes a shared table.
class Value {
public:
    Value() = default;
    Value(bool flag) : data_(flag) {}                           // NOLINT: implicit by design
    Value(std::int64_t integer) : data_(integer) {}             // NOLINT
    Value(int integer) : data_(std::int64_t{integer}) {}        // NOLINT
    Value(double number) : data_(number) {}                     // NOLINT
    Value(std::string text) : data_(std::move(text)) {}         // NOLINT
    Value(std::string_view text) : data_(std::string(text)) {}  // NOLINT
    Value(const char* text) : data_(std::string(text)) {}       // NOLINT
    Value(Table table);                                         // NOLINT

    bool isNil() const noexcept { return data_.index() == 0; }
    bool isText() const noexcept { return std::holds_alternative<std::string>(data_); }
    bool isTable() const noexcept { return std::holds_alternative<std::shared_ptr<Table>>(data_); }
    const bool* boolean() const noexcept { return std::get_if<bool>(&data_); }
    const std::int64_t* integer() const noexcept { return std::get_if<std::int64_t>(&data_); }
    const double* number() const noexcept { return std::get_if<double>(&data_); }
    const std::string* text() const noexcept { return std::get_if<std::string>(&data_); }
    /// The text, or `fallback` when it is none.
    std::string_view textOr(std::string_view fallback) const noexcept {
        const auto* own = std::get_if<std::string>(&data_);
        return own != nullptr ? std::string_view(*own) : fallback;
    }
    /// Null when it is not a table.
    const Table* table() const noexcept;
    Table* table() noexcept;
    /// Makes this a text, or a table that nobody shares, in the memory it has where it can. What the table held stays
    /// in it: for a reader that writes over it.
    void setText(std::string_view text);
    Table& ownTable();
    /// As Lua reads conditions: all but nil and false.
    bool truthy() const noexcept;
    /// Member of a table; nil when there is none or this is no table.
    const Value& operator[](std::string_view key) const noexcept;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::shared_ptr<Table>> data_;
};

/// What Lua keeps in one table: the sequence 1..n, and members with text keys. Other keys have no form outside.
struct Table {
    std::vector<Value> list;
    std::vector<std::pair<std::string, Value>> fields;

    const Value* find(std::string_view key) const noexcept;
    Table& set(std::string key, Value value);
};

}  // namespace yimen::lua
