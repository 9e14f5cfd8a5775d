#include "sync/targets/sql.h"

#include <charconv>

namespace yimen::sync {

std::int64_t SqlRows::number(std::size_t row, std::size_t column) const {
    const SqlCell& cell = at(row, column);
    std::int64_t value = 0;
    if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
    return value;
}

std::string keyArray(std::span<const std::uint64_t> keys, Dialect dialect) {
    std::string out = dialect == Dialect::kSqlite ? "[" : "{";
    for (const std::uint64_t key : keys) {
        if (out.size() > 1) out += ',';
        out += std::to_string(static_cast<std::int64_t>(key));
    }
    return out + (dialect == Dialect::kSqlite ? "]" : "}");
}

core::Status SqlTransaction::begin() {
    YIMEN_TRY_STATUS(session_.begin());
    open_ = true;
    return {};
}

core::Status SqlTransaction::commit() {
    open_ = false;
    if (auto done = session_.commit(); !done.ok()) {
        session_.rollback();
        return done.error();
    }
    return {};
}

core::Result<SqlPool::Lease> SqlPool::lease() {
    for (;;) {
        std::unique_ptr<SqlSession> session;
        {
            const std::lock_guard lock(mutex_);
            if (idle_.empty()) break;
            session = std::move(idle_.back());
            idle_.pop_back();
        }
        if (session->usable()) return Lease(*this, std::move(session));
    }
    YIMEN_TRY(auto session, connect_());
    return Lease(*this, std::move(session));
}

void SqlPool::giveBack(std::unique_ptr<SqlSession> session) {
    if (!session->usable()) return;
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMaxIdle) idle_.push_back(std::move(session));
}

}  // namespace yimen::sync
