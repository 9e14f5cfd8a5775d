#include "lua/value.h"

namespace yimen::lua {

Value::Value(Table table) : data_(std::make_shared<Table>(std::move(table))) {}

const Table* Value::table() const noexcept {
    const auto* shared = std::get_if<std::shared_ptr<Table>>(&data_);
    return shared != nullptr ? shared->get() : nullptr;
}

Table* Value::table() noexcept {
    auto* shared = std::get_if<std::shared_ptr<Table>>(&data_);
    return shared != nullptr ? shared->get() : nullptr;
}

void Value::setText(std::string_view text) {
    if (auto* own = std::get_if<std::string>(&data_)) {
        own->assign(text);
    } else {
        data_.emplace<std::string>(text);
    }
}

Table& Value::ownTable() {
    auto* shared = std::get_if<std::shared_ptr<Table>>(&data_);
    if (shared != nullptr && shared->use_count() == 1) return **shared;
    return *data_.emplace<std::shared_ptr<Table>>(std::make_shared<Table>());
}

bool Value::truthy() const noexcept {
    if (isNil()) return false;
    const bool* flag = boolean();
    return flag == nullptr || *flag;
}

const Value& Value::operator[](std::string_view key) const noexcept {
    static const Value nil;
    const Table* members = table();
    const Value* found = members != nullptr ? members->find(key) : nullptr;
    return found != nullptr ? *found : nil;
}

const Value* Table::find(std::string_view key) const noexcept {
    for (const auto& [name, value] : fields) {
        if (name == key) return &value;
    }
    return nullptr;
}

Table& Table::set(std::string key, Value value) {
    for (auto& [name, old] : fields) {
        if (name == key) {
            old = std::move(value);
            return *this;
        }
    }
    fields.emplace_back(std::move(key), std::move(value));
    return *this;
}

}  // namespace yimen::lua
