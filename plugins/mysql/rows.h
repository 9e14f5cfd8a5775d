#pragma once

#include <memory>
#include <vector>
#include <yimen/table_read.hpp>

#include "connection.h"

namespace yimen::mysql {

/// Rows of one statement, streamed: never held as a whole on this side. One thread; the connection outlives it.
class Rows {
public:
    virtual ~Rows() = default;
    virtual const std::vector<Column>& columns() const noexcept = 0;
    /// Adds the next row; false at the end.
    virtual bool next(sdk::Batch& into, std::uint64_t origin) = 0;
};

/// Texts as the server writes them, by mysql_use_result: for statements without parameters.
std::unique_ptr<Rows> textRows(Connection& connection, const std::string& text);
/// A prepared statement, fetched row by row.
std::unique_ptr<Rows> preparedRows(Connection& connection, const sdk::Statement& statement);

}  // namespace yimen::mysql
