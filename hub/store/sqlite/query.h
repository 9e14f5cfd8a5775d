#pragma once

#include <Poco/Data/LOB.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <deque>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "core/bytes.h"
#include "core/clock.h"

namespace yimen::store::sqlite {

using Blob = Poco::Data::BLOB;

/// One prepared statement with bound values. It keeps copies of what is bound, because Poco binds by reference, and
/// insists that columns are NOT NULL, because Poco leaves a variable as it was when there is no value.
/// `sql` is a literal of ours; values only ever travel by bind(). Throws; use inside guarded() only.
class Query {
public:
    /// `more` goes behind `sql`: what differs between statements that read the same columns.
    Query(Poco::Data::Session& session, const char* sql, const char* more = "") : statement_(session) {
        statement_ << sql << more;
    }
    ~Query() = default;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(std::int64_t number) { return bindValue(Poco::Int64{number}); }
    Query& bind(const std::string& text) { return bindValue(text); }
    Query& bind(core::WallTime time) { return bind(core::toUnixMicros(time)); }
    Query& bind(const core::Bytes& bytes) { return bindValue(Blob(bytes.data(), bytes.size())); }

    /// Executes a statement that returns no rows; how many rows it changed.
    std::size_t run() { return statement_.execute(); }

    /// Executes and calls `take(columns...)` for each row.
    template <typename... Columns, typename Take>
    void each(Take take) {
        std::tuple<Columns...> row;
        std::apply([this](auto&... column) { (statement_.addExtract(Poco::Data::Keywords::into(column)), ...); }, row);
        statement_, Poco::Data::Keywords::range(0, 1);
        while (!statement_.done()) {
            if (statement_.execute() > 0) std::apply(take, row);
        }
    }

private:
    template <typename T>
    Query& bindValue(T value) {
        values_.emplace_back(std::move(value));
        statement_, Poco::Data::Keywords::useRef(std::get<T>(values_.back()));
        return *this;
    }

    std::deque<std::variant<Poco::Int64, std::string, Blob>> values_;
    Poco::Data::Statement statement_;
};

inline core::Bytes toBytes(const Blob& blob) {
    return core::Bytes(blob.begin(), blob.end());
}

}  // namespace yimen::store::sqlite
