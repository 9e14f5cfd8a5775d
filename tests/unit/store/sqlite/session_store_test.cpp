#include "unit/store/conformance/session.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SessionConformance, SqliteBackend);

}  // namespace yimen::store::test
