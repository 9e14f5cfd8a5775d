#include "sync/targets/sqlite/row_sink.h"

#include "unit/sync/targets/refusals.h"

namespace yimen::sync {
namespace {

using SqliteRefusals = RefusalTest<SqliteBackend>;

TEST_F(SqliteRefusals, BecomeDeadLettersAndLeaveNoTrace) {
    play();
}

}  // namespace
}  // namespace yimen::sync
