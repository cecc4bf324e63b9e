from cms.core.policies import ReadOnlyPolicy
from cms.workflows.policies import CountryRecordPolicy


class FiguresPolicy(ReadOnlyPolicy, CountryRecordPolicy):
    """Observations, which only imports write. A focal point looks at those of the own countries."""
