#include <algorithm>
#include <utility>

#include "sync/targets/cells.h"
#include "sync/targets/item_tables.h"
#include "sync/targets/names.h"
#include "sync/targets/read_cells.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

struct Query {
    std::string sql;
    std::vector<SqlValue> values;
};

core::Result<Query> pageQuery(const ItemTable& item, const std::vector<std::string>& after, std::size_t limit,
                              std::optional<std::int64_t> asOf, Dialect dialect) {
    const std::string fields = fieldList(item.schema);
    const std::vector<std::size_t> keys = item.schema.keys();
    Query query;
    std::string from = quotedName(item.table);
    if (asOf) {
        query.values.emplace_back(*asOf);
        from = "(SELECT " + fields + " FROM " + from + " WHERE _valid_from <= $1 UNION ALL SELECT " + fields +
               " FROM " + quotedName(historyName(item.table)) + " WHERE _valid_from <= $1 AND _valid_to > $1) versions";
    }
    query.sql = "SELECT " + fields + " FROM " + from;
    if (!after.empty()) {
        if (after.size() != keys.size()) {
            return core::makeError(core::ErrorCode::kInvalidInput,
                                   "翻页位置与主键不符 / the position of the page does not fit the item's key");
        }
        std::string bounds;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const Field& field = item.schema.fields[keys[i]];
            if (wrongWith(field.type, after[i], true) != nullptr) {
                return core::makeError(core::ErrorCode::kInvalidInput,
                                       "翻页位置无效 / the position of the page has no valid " + field.name);
            }
            query.values.push_back(boundCell(field.type, after[i], dialect));
            bounds += (i == 0 ? "" : ", ") + typedPlaceholder(query.values.size(), field, dialect);
        }
        query.sql += " WHERE (" + keyList(item.schema) + ") > (" + bounds + ")";
    }
    query.sql += " ORDER BY " + keyList(item.schema) + " LIMIT " + std::to_string(limit + 1);
    return query;
}

class SqlItemRows final : public ItemRows {
public:
    explicit SqlItemRows(std::shared_ptr<SqlPool> pool) : pool_(std::move(pool)) {}

    core::Result<std::uint64_t> count(const ItemTable& item) override {
        YIMEN_TRY_STATUS(checkItem(item));
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows, session->run("SELECT count(*) FROM " + quotedName(item.table)));
        return static_cast<std::uint64_t>(rows.number(0, 0));
    }

    core::Result<Page> page(const ItemTable& item, const std::vector<std::string>& after, std::size_t limit,
                            std::optional<std::int64_t> asOf) override {
        YIMEN_TRY_STATUS(checkItem(item));
        YIMEN_TRY(auto session, pool_->lease());
        limit = std::clamp<std::size_t>(limit, 1, Batch::kMaxRows);
        const Dialect dialect = session->dialect();
        YIMEN_TRY(const Query query, pageQuery(item, after, limit, asOf, dialect));
        Page page;
        page.rows.reset(item.schema.fields.size());
        YIMEN_TRY_STATUS(session->each(query.sql, query.values, [&](const std::vector<SqlCell>& cells) {
            return add(page, item, cells, limit, dialect);
        }));
        if (page.rows.empty()) return page;
        for (const std::size_t key : item.schema.keys()) {
            page.after.emplace_back(page.rows.text(page.rows.rows() - 1, key));
        }
        return page;
    }

    core::Result<std::vector<std::vector<std::string>>> heldBack(const ItemTable& item, RunId run) override {
        YIMEN_TRY_STATUS(checkItem(item));
        YIMEN_TRY(auto session, pool_->lease());
        const Dialect dialect = session->dialect();
        const std::string samples =
            dialect == Dialect::kSqlite
                ? "(SELECT value FROM sync_run, json_each(removal_samples) WHERE sync_run.id = $1 AND item = $2)"
                : "(SELECT value::bigint FROM sync_run, json_array_elements_text(removal_samples::json) WHERE "
                  "sync_run.id = $1 "
                  "AND item = $2)";
        YIMEN_TRY(const auto rows, session->run("SELECT " + keyList(item.schema) + " FROM " + quotedName(item.table) +
                                                    " WHERE _key IN " + samples + " ORDER BY " + keyList(item.schema),
                                                {run, item.code}));
        const std::vector<std::size_t> keys = item.schema.keys();
        std::vector<std::vector<std::string>> out;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            auto& cells = out.emplace_back();
            for (std::size_t i = 0; i < keys.size(); ++i) {
                cells.push_back(canonicalCell(item.schema.fields[keys[i]].type, rows.text(row, i), dialect));
            }
        }
        return out;
    }

private:
    static core::Status add(Page& page, const ItemTable& item, const std::vector<SqlCell>& cells, std::size_t limit,
                            Dialect dialect) {
        if (!page.end || page.rows.rows() == limit || page.rows.full()) {
            page.end = false;
            return {};
        }
        const std::size_t row = page.rows.addRow(Op::kUpsert, 0);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (!cells[i]) continue;
            if (!page.rows.set(row, i, canonicalCell(item.schema.fields[i].type, *cells[i], dialect))) {
                return core::makeError(core::ErrorCode::kTooLarge, "一页数据过大 / the page is too large");
            }
        }
        return {};
    }

    std::shared_ptr<SqlPool> pool_;
};

}  // namespace

std::unique_ptr<ItemRows> makeItemRows(std::shared_ptr<SqlPool> pool) {
    return std::make_unique<SqlItemRows>(std::move(pool));
}

}  // namespace yimen::sync
