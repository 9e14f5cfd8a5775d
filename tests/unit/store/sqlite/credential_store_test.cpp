#include "unit/store/conformance/credential.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, CredentialConformance, SqliteBackend);

}  // namespace yimen::store::test
