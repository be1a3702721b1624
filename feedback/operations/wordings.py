"""The letters about answers whose words the owner may change."""

from feedback.operations import ladder_wordings

LETTERS = (*ladder_wordings.letters(),)
