#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "sync/sources/http_exchange.h"
#include "sync/sources/http_source.h"

namespace yimen::sync {

/// The times of one read: fixed when it begins, so that a record which changes meanwhile belongs to the next one.
struct ReadWindow {
    std::optional<core::WallTime> from;
    std::optional<core::WallTime> to;
};

/// What a page brought.
struct PageRows {
    const Batch& rows;
    std::size_t rejected = 0;
    const HttpAnswer& answer;
    std::size_t records() const noexcept { return rows.rows() + rejected; }
};

/// What to do with a page, and next.
struct PageStep {
    std::size_t keep = SIZE_MAX;       ///< rows of the page to take, from its beginning
    bool end = false;                  ///< no further page
    std::optional<core::Error> alarm;  ///< fails the read once the rows are taken
};

/// Which page comes next: one strategy per kind of paging. One thread.
class HttpPager {
public:
    virtual ~HttpPager() = default;
    /// Puts page, offset, cursor, ... of the call that comes next.
    virtual void put(RequestValues& values) const = 0;
    /// Looks at the answer of that call.
    virtual core::Result<PageStep> took(const PageRows& page) = 0;
    /// The call failed. True: go on with what put() says now.
    virtual bool recover(const core::Error& error) {
        (void)error;
        return false;
    }
    /// Where it stands, to be resumed from.
    virtual core::Json state() const = 0;
    /// What the next read has to know when this one has ended; null: nothing.
    virtual core::Json memory() const { return nullptr; }
};

/// `state`: of state(), or null. `memory`: of the last read, or null. `columns` name the cells of the pages.
std::unique_ptr<HttpPager> makeHttpPager(const HttpSpec& spec, const ReadWindow& window,
                                         const std::vector<std::string>& columns, const core::Json& state,
                                         const core::Json& memory);

}  // namespace yimen::sync
