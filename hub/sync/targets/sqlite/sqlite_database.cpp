#include "sync/targets/sqlite_database.h"

#include <utility>

#include "sync/targets/sql_target.h"
#include "sync/targets/sqlite/inquirer.h"
#include "sync/targets/sqlite/row_sink.h"

namespace yimen::sync::sqlite {

core::Result<SharedDatabase> open(const std::string& path, TargetOptions options) {
    const auto turn = std::make_shared<std::mutex>();
    DatabaseKind kind;
    kind.checkText = true;
    kind.inquirer = makeInquirer(path);
    kind.pool = std::make_shared<SqlPool>([path, turn]() -> core::Result<std::unique_ptr<SqlSession>> {
        YIMEN_TRY(auto connection, Connection::open(path, turn));
        return std::unique_ptr<SqlSession>(std::move(connection));
    });
    kind.sink = [path, turn](std::shared_ptr<const ItemTable> item,
                             const TargetOptions& with) -> core::Result<std::unique_ptr<RowSink>> {
        YIMEN_TRY(auto connection, Connection::open(path, turn));
        return std::unique_ptr<RowSink>(std::make_unique<SqliteRowSink>(std::move(item), std::move(connection), with));
    };
    return openShared(std::move(kind), std::move(options));
}

}  // namespace yimen::sync::sqlite
