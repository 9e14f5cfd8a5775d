#include "unit/store/conformance/lock.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LockConformance, SqliteBackend);

}  // namespace yimen::store::test
