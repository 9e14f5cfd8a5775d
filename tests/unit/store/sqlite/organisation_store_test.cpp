#include "unit/store/conformance/organisation.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OrganisationConformance, SqliteBackend);

}  // namespace yimen::store::test
