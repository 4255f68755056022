"""All tasks, in the order in which they are shown."""

from speed import bounds, cohorts, durations, persons, schools
from speed.task import Task

TASKS: list[Task] = [*schools.TASKS, *cohorts.TASKS, *persons.TASKS, *durations.TASKS, *bounds.TASKS]
