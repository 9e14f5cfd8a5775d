#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/item.h"
#include "core/result.h"

namespace yimen::catalog {

/// All data items of the district, from a file of JSON objects. Immutable, any thread.
class Catalog {
public:
    /// Every fault of the file in one error, each with the item's number and code: unknown or missing members, words
    /// that are none, codes that stand twice.
    static core::Result<Catalog> load(const std::string& path);
    static core::Result<Catalog> parse(std::string_view text, const std::string& name);

    const std::vector<DataItem>& items() const noexcept { return items_; }
    const DataItem* find(std::string_view code) const noexcept;
    /// Items whose code, name, provider, source or category holds each word of `words`, in catalogue order.
    std::vector<const DataItem*> search(std::string_view words) const;

private:
    std::vector<DataItem> items_;
    std::map<std::string, std::size_t, std::less<>> byCode_;
};

}  // namespace yimen::catalog
