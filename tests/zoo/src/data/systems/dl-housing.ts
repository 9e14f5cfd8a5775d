// dl-housing: views without any mark of what changed, and without traces of what went (the trait of this system).
import { OdbcData } from '../sql_servers.ts';
import { kTables } from '../tables/dl-housing.ts';

export class DlHousing extends OdbcData {
  protected override schema = 'dbo';

  constructor() {
    super('dl-housing', kTables);
  }
}
