#pragma once

#include <map>
#include <string>

#include "catalog/item.h"
#include "catalog/unit_tree.h"
#include "core/result.h"

namespace yimen::catalog {

/// Which unit of the tree answers for an item: it decides who may have its data. By `policies/catalog/owners.yaml`,
/// else the unit that is called like the item's provider, else the file's `otherwise`. Immutable, any thread.
class Owners {
public:
    /// A file that is not there is an empty one.
    static core::Result<Owners> load(const std::string& path);

    /// Code of a unit; empty when nobody answers for the item.
    std::string of(const DataItem& item, const UnitTree& units) const;

private:
    std::map<std::string, std::string> byProvider_;
    std::string otherwise_;
};

}  // namespace yimen::catalog
