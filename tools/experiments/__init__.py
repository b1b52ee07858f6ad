"""Online experiments between variants: assignment, recording, verdicts, and what winners teach."""

from tools.experiments.assignment import choose, match_probabilities, point_of, shares_of
from tools.experiments.csv_rows import read_csv
from tools.experiments.desk import ExperimentDesk
from tools.experiments.judging import Judgement
from tools.experiments.learning import learn, storyline_keys, sum_weights
from tools.experiments.off_policy import OffPolicy
from tools.experiments.reporting import write_report
from tools.experiments.unit_log import UnitLog, read_log

__all__ = [
    "ExperimentDesk",
    "Judgement",
    "OffPolicy",
    "UnitLog",
    "choose",
    "learn",
    "match_probabilities",
    "point_of",
    "read_csv",
    "read_log",
    "shares_of",
    "storyline_keys",
    "sum_weights",
    "write_report",
]
