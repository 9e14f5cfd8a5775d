#include "sync/mapping/mapper.h"

namespace yimen::sync {

void Mapped::reset(std::size_t columns) {
    rows.reset(columns);
    sources.clear();
    rejected.clear();
    refusedSources.clear();
    dropped = 0;
    rules.clear();
}

}  // namespace yimen::sync
