#include "rows.h"

#include <algorithm>
#include <array>

namespace yimen::odbc {

namespace {

using sdk::Batch;
using sdk::Failure;

/// Bytes of the longest text of a column with its NUL; 0: not known, or too long to be bound.
std::size_t widthOf(const Column& column) {
    constexpr std::size_t kNumber = 128;
    constexpr std::size_t kUtf8 = 4;
    switch (column.sqlType) {
        case SQL_CHAR:
        case SQL_VARCHAR:
        case SQL_WCHAR:
        case SQL_WVARCHAR:
            return column.size == 0 || column.size > Rows::kMaxBound ? 0 : column.size * kUtf8 + 1;
        case SQL_BINARY:
        case SQL_VARBINARY:
            return column.size == 0 || column.size > Rows::kMaxBound ? 0 : column.size * 2 + 1;
        case SQL_LONGVARCHAR:
        case SQL_WLONGVARCHAR:
        case SQL_LONGVARBINARY:
            return 0;
        default:
            return column.type == "text" ? 0 : kNumber;
    }
}

SQLPOINTER number(std::uintptr_t value) {
    return reinterpret_cast<SQLPOINTER>(value);  // an attribute's number is passed in the place of a pointer
}

}  // namespace

Rows::Rows(Connection& connection, Query query)
    : query_(std::move(query)), statement_(SQL_HANDLE_STMT, connection.get()) {
    std::string& text = query_.statement.text;
    statement_.check(SQLPrepare(statement_.get(), static_cast<SQLCHAR*>(static_cast<void*>(text.data())), SQL_NTS));
    bindParameters();
    statement_.check(SQLExecute(statement_.get()));
    columns_ = columnsOf(statement_);
    bindArrays(query_.arrayRows);
}

void Rows::bindParameters() {
    std::vector<std::string>& values = query_.statement.parameters;
    SQLSMALLINT count = 0;
    if (SQL_SUCCEEDED(SQLNumParams(statement_.get(), &count)) && static_cast<std::size_t>(count) != values.size()) {
        throw Failure(YIMEN_INVALID,
                      "read.where 与 read.query 中不可用 ? / no '?' may stand in read.where or read.query");
    }
    parameterLengths_.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t compared = query_.statement.compared[i];
        const bool asText = compared == 0 && query_.textFirst;
        const SQLSMALLINT type = asText ? SQL_VARCHAR : query_.cursor[compared].sqlType;
        const SQLULEN size =
            asText ? values[i].size() : std::max<SQLULEN>(query_.cursor[compared].size, values[i].size());
        parameterLengths_[i] = static_cast<SQLLEN>(values[i].size());
        statement_.check(SQLBindParameter(statement_.get(), static_cast<SQLUSMALLINT>(i + 1), SQL_PARAM_INPUT,
                                          SQL_C_CHAR, type, std::max<SQLULEN>(size, 1), 0, values[i].data(),
                                          static_cast<SQLLEN>(values[i].size()), &parameterLengths_[i]));
    }
}

void Rows::bindArrays(std::size_t most) {
    std::size_t perRow = 0;
    for (const Column& column : columns_) {
        const std::size_t width = widthOf(column);
        if (width == 0 || width > kMaxBound) return;
        perRow += width + sizeof(SQLLEN);
    }
    arrayRows_ = std::clamp<std::size_t>(kMaxArray / std::max<std::size_t>(perRow, 1), 1, most);
    if (arrayRows_ <= 1) return;
    SQLHANDLE statement = statement_.get();
    statement_.check(SQLSetStmtAttr(statement, SQL_ATTR_ROW_BIND_TYPE, number(SQL_BIND_BY_COLUMN), 0));
    statement_.check(SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, number(arrayRows_), 0));
    statement_.check(SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched_, 0));
    bound_.resize(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        Bound& bound = bound_[i];
        bound.width = widthOf(columns_[i]);
        bound.bytes.resize(bound.width * arrayRows_);
        bound.lengths.resize(arrayRows_);
        statement_.check(SQLBindCol(statement, static_cast<SQLUSMALLINT>(i + 1), SQL_C_CHAR, bound.bytes.data(),
                                    static_cast<SQLLEN>(bound.width), bound.lengths.data()));
    }
}

bool Rows::fetch() {
    const SQLRETURN result = SQLFetch(statement_.get());
    statement_.check(result);
    at_ = 0;
    if (result == SQL_NO_DATA) return false;
    if (bound_.empty()) fetched_ = 1;
    return fetched_ > 0;
}

bool Rows::next(Batch& into, std::uint64_t origin) {
    if (at_ >= fetched_ && !fetch()) {
        fetched_ = 0;
        return false;
    }
    into.beginRow(origin);
    for (std::size_t i = 0; i < columns_.size(); ++i) bound_.empty() ? addPieces(into, i) : addBound(into, i);
    ++at_;
    return true;
}

void Rows::addBound(Batch& into, std::size_t column) {
    const Bound& bound = bound_[column];
    const SQLLEN length = bound.lengths[at_];
    if (length == SQL_NULL_DATA) return into.addNull();
    if (length < 0 || static_cast<std::size_t>(length) >= bound.width) {
        throw Failure(YIMEN_UPSTREAM, "驱动所报的列长不实 / the driver gave a wrong size of column '" +
                                          columns_[column].name + "': set source.array_rows to 1");
    }
    into.add({bound.bytes.data() + at_ * bound.width, static_cast<std::size_t>(length)});
}

void Rows::addPieces(Batch& into, std::size_t column) {
    std::array<char, 4096> first{};
    const auto number = static_cast<SQLUSMALLINT>(column + 1);
    SQLLEN length = 0;
    const SQLRETURN result =
        SQLGetData(statement_.get(), number, SQL_C_CHAR, first.data(), static_cast<SQLLEN>(first.size()), &length);
    statement_.check(result);
    if (length == SQL_NULL_DATA) return into.addNull();
    // A piece ends in a NUL, which is not part of the text.
    const std::size_t piece = first.size() - 1;
    if (length >= 0 && static_cast<std::size_t>(length) <= piece) {
        return into.add({first.data(), static_cast<std::size_t>(length)});
    }
    into.add({first.data(), piece});
    constexpr std::size_t kPiece = 64 * std::size_t{1024};
    for (;;) {
        char* place = into.more(kPiece);
        const SQLRETURN more = SQLGetData(statement_.get(), number, SQL_C_CHAR, place, kPiece, &length);
        if (more == SQL_NO_DATA) return into.less(kPiece);
        statement_.check(more);
        const bool last = length != SQL_NO_TOTAL && static_cast<std::size_t>(length) < kPiece;
        into.less(last ? kPiece - static_cast<std::size_t>(length) : 1);
        if (last) return;
    }
}

}  // namespace yimen::odbc
