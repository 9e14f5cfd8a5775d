#pragma once

#include <Poco/Data/SQLite/Connector.h>

#include "store/sqlite/query.h"
#include "unit/store/backend.h"

namespace yimen::store::sqlite {

/// A look at the file beside the hub, as another process would have it.
inline Poco::Data::Session rawSession(const std::string& path) {
    Poco::Data::SQLite::Connector::registerConnector();
    return Poco::Data::Session(Poco::Data::SQLite::Connector::KEY, path);
}

inline std::int64_t number(Poco::Data::Session& session, const char* sql) {
    std::int64_t value = -1;
    Query(session, sql).each<Poco::Int64>([&](Poco::Int64 found) { value = found; });
    return value;
}

}  // namespace yimen::store::sqlite
