#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"
#include "sync/item_spec.h"

namespace yimen::sync::quality {

/// What the rules `rows` of an item say at the end of a complete read.
struct RowsVerdict {
    bool stop = false;    ///< hold the run back: a person has to look
    std::string message;  ///< empty: nothing to say; Chinese first
};

/// `before`: rows the item had (0: the first load, about which nothing can be said). `now`: rows the read gave.
/// kInvalidInput when the rules cannot be read.
core::Result<RowsVerdict> judgeRowCount(const ItemSpec& item, std::uint64_t before, std::uint64_t now);

}  // namespace yimen::sync::quality
