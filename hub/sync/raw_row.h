#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "sync/batch.h"
#include "sync/source.h"

namespace yimen::sync {

/// A row as its source gave it: a JSON object of column to text or null. What dead letters keep (Reject::raw). Texts
/// that are not UTF-8 are kept with their bad bytes replaced: they cannot be written to any target as they are.
std::string rawRowText(std::span<const SourceField> columns, const Batch& rows, std::size_t row);

/// Appends such a text as a row of `into`, whose columns are `columns`; a column that the text does not name is null.
/// kInvalidInput for a text that is no such object, or names a column that the source does not have now.
core::Status addRawRow(std::span<const SourceField> columns, std::string_view raw, std::uint64_t origin, Batch& into);

}  // namespace yimen::sync
