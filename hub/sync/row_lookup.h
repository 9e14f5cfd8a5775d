#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace yimen::sync {

/// Between the key cells of one record in RowLookup::holders.
inline constexpr char kKeySeparator = '\x1F';

/// What the quality rules `reference` and `unique` ask the shared database: one question per batch. Values and answers
/// are canonical text (schema.h). Thread-safe; may block.
class RowLookup {
public:
    virtual ~RowLookup() = default;
    /// For each value: does a row of `item` have it in `field`? kInvalidInput, in words for a person, when the shared
    /// database has no such item or field yet: nothing is known then, so nothing may be refused.
    virtual core::Result<std::vector<bool>> exist(const std::string& item, const std::string& field,
                                                  const std::vector<std::string>& values) = 0;
    /// For each value, which has one cell per field: the key of a row of `item` that has those cells, its key cells
    /// joined by kKeySeparator. Nothing for an item without a table.
    virtual core::Result<std::vector<std::optional<std::string>>> holders(
        const std::string& item, const std::vector<std::string>& fields,
        const std::vector<std::vector<std::string>>& values) = 0;
};

}  // namespace yimen::sync
