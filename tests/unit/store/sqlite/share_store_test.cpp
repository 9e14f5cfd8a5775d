#include "unit/store/conformance/share.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ShareConformance, SqliteBackend);

}  // namespace yimen::store::test
