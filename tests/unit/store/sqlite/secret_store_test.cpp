#include "unit/store/conformance/secret.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SecretConformance, SqliteBackend);

}  // namespace yimen::store::test
