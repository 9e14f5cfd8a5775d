#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <yimen/table_read.hpp>

#include "connection.h"

namespace yimen::odbc {

/// A statement to run, with how each parameter is bound.
struct Query {
    sdk::Statement statement;
    std::vector<Column> cursor;  ///< columns that parameters are compared with
    bool textFirst = false;      ///< parameters of the first cursor column are converted by the statement itself
    std::size_t arrayRows =
        0;  ///< at most so many rows in one fetch; 1: cell by cell, for drivers that lie about sizes
};

/// Rows of one statement, streamed: many at once into bound arrays where every column is short, else row by row with
/// SQLGetData, long cells in pieces. One thread; the connection outlives it.
class Rows {
public:
    static constexpr std::size_t kMaxBound = 16 * 1024;          ///< bytes of a cell that is bound
    static constexpr std::size_t kMaxArray = 4 * 1024 * 1024UL;  ///< bytes of all bound arrays

    Rows(Connection& connection, Query query);
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    const std::vector<Column>& columns() const noexcept { return columns_; }
    /// Adds the next row; false at the end.
    bool next(sdk::Batch& into, std::uint64_t origin);
    /// Rows per fetch; 1: cell by cell.
    std::size_t arrayRows() const noexcept { return arrayRows_; }

private:
    struct Bound {
        std::size_t width = 0;
        std::vector<char> bytes;
        std::vector<SQLLEN> lengths;
    };
    void bindParameters();
    void bindArrays(std::size_t most);
    bool fetch();
    void addBound(sdk::Batch& into, std::size_t column);
    void addPieces(sdk::Batch& into, std::size_t column);

    Query query_;
    Handle statement_;
    std::vector<SQLLEN> parameterLengths_;
    std::vector<Column> columns_;
    std::vector<Bound> bound_;
    std::size_t arrayRows_ = 1;
    SQLULEN fetched_ = 0;
    std::size_t at_ = 0;
};

}  // namespace yimen::odbc
