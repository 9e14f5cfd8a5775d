#include "sync/targets/postgres_database.h"

#include <utility>

#include "sync/targets/postgres/inquirer.h"
#include "sync/targets/postgres/row_sink.h"
#include "sync/targets/sql_target.h"

namespace yimen::sync::postgres {

core::Result<SharedDatabase> open(const core::Secret& conninfo, TargetOptions options) {
    DatabaseKind kind;
    kind.inquirer = makeInquirer(conninfo);
    kind.pool = std::make_shared<SqlPool>([conninfo]() -> core::Result<std::unique_ptr<SqlSession>> {
        YIMEN_TRY(auto connection, Connection::open(conninfo));
        return std::unique_ptr<SqlSession>(std::move(connection));
    });
    kind.sink = [conninfo](std::shared_ptr<const ItemTable> item,
                           const TargetOptions& with) -> core::Result<std::unique_ptr<RowSink>> {
        return std::unique_ptr<RowSink>(std::make_unique<PostgresRowSink>(std::move(item), conninfo, with));
    };
    return openShared(std::move(kind), std::move(options));
}

}  // namespace yimen::sync::postgres
