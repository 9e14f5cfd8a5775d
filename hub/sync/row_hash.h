#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sync/batch.h"

namespace yimen::sync {

/// Change detection only, never integrity: XXH3-64, over length-prefixed cells, so that ("ab","c") and
/// ("a","bc") differ and null differs from empty. Stored in the shared database: the same for ever.
using RowHash = std::uint64_t;

/// Over every cell of the row.
RowHash rowHash(const Batch& rows, std::size_t row);
/// Over the key cells, in the order of `keys`.
RowHash keyHash(const Batch& rows, std::size_t row, std::span<const std::size_t> keys);
/// The same for key cells that stand in no batch; none of them is null.
RowHash keyHash(std::span<const std::string_view> cells);
/// Over one text.
RowHash textHash(std::string_view text);

}  // namespace yimen::sync
