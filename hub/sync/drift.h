#pragma once

#include <string>
#include <vector>

#include "sync/item_spec.h"
#include "sync/source.h"

namespace yimen::sync {

/// How the columns of a source differ from what an item's mapping reads.
struct Drift {
    struct Missing {
        std::string column;
        std::string field;  ///< that reads it; "deletes.field" for the flag
    };
    std::vector<Missing> missing;
    std::vector<SourceField> unread;  ///< by no field; a script may read them all the same
    bool script = false;
};

/// kInvalidInput when the item's fields cannot be read.
core::Result<Drift> driftOf(const ItemSpec& item, const std::vector<SourceField>& columns);

}  // namespace yimen::sync
