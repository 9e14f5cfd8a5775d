#include "sync/targets/sql_target.h"

#include <utility>

#include "sync/targets/item_tables.h"
#include "sync/targets/migrations.h"
#include "sync/targets/names.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

class SqlTarget final : public Target {
public:
    SqlTarget(DatabaseKind kind, TargetOptions options) : kind_(std::move(kind)), options_(std::move(options)) {}

    core::Result<SchemaChange> prepare(const ItemTable& item) override {
        YIMEN_TRY(auto session, kind_.pool->lease());
        return prepareItem(*session, item, *options_.clock);
    }

    core::Result<TakenOver> takeOver(const std::string& item, const std::string& partition, RunId run) override {
        YIMEN_TRY(auto session, kind_.pool->lease());
        return takeOverPart(*session, {item, partition, 0, run}, options_);
    }

    core::Result<std::unique_ptr<ItemWriter>> writer(const ItemTable& item, bool complete) override {
        YIMEN_TRY_STATUS(checkItem(item));
        auto kept = std::make_shared<const ItemTable>(item);
        YIMEN_TRY(auto sink, kind_.sink(kept, options_));
        return std::unique_ptr<ItemWriter>(
            std::make_unique<FencedWriter>(std::move(kept), complete, options_, kind_.checkText, std::move(sink)));
    }

private:
    const DatabaseKind kind_;
    const TargetOptions options_;
};

}  // namespace

core::Result<SharedDatabase> openShared(DatabaseKind kind, TargetOptions options) {
    if (options.clock == nullptr || !options.sealer) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "共享库缺少时钟或加密器 / the shared database needs a "
                               "clock and a sealer");
    }
    {
        YIMEN_TRY(auto session, kind.pool->lease());
        YIMEN_TRY_STATUS(migrate(*session, *options.clock));
    }
    SharedDatabase out;
    out.runs = makeRunLog(kind.pool, options);
    out.deadLetters = makeDeadLetters(kind.pool, options);
    out.jobs = makeJobQueue(kind.pool, options);
    out.board = makeJobBoard(kind.pool, options);
    out.rows = makeItemRows(kind.pool);
    out.lookup = makeRowLookup(kind.pool);
    out.view = makeItemView(kind.pool, options);
    out.inquirer = kind.inquirer;
    out.target = std::make_unique<SqlTarget>(std::move(kind), std::move(options));
    return out;
}

}  // namespace yimen::sync
