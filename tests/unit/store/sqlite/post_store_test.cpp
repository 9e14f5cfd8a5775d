#include "unit/store/conformance/post.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, PostConformance, SqliteBackend);

}  // namespace yimen::store::test
