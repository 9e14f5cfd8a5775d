#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "sync/target.h"

namespace yimen::sync {

/// Longest table name: "__history" still fits into PostgreSQL's 63 bytes.
inline constexpr std::size_t kMaxTableName = 54;

/// Names, types and keys of an item before any SQL is made of them. kInvalidInput says which and why. Any thread.
core::Status checkItem(const ItemTable& item);
/// "name" in double quotes, good for both databases. Only for names that checkItem() has let pass, and ours.
std::string quotedName(std::string_view name);
/// Where replaced and removed rows of a table are kept.
std::string historyName(std::string_view table);

}  // namespace yimen::sync
