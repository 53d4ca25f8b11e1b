import asyncio

from longtake import JobContext, JobQueue

job_queue = JobQueue("./jobs")


async def look(film: str) -> str:
    await asyncio.sleep(1)  # long work, say a call of a model
    return f"{film} is a good film"


@job_queue.job("review")
async def review(job: JobContext, films: list[str]) -> list[str]:
    return [await job.step(film, look, film) for film in films]  # each film is done once, whatever happens


if __name__ == "__main__":
    submitted = asyncio.run(review.submit(films=["Metropolis", "Sunrise", "Greed"]))
    print(asyncio.run(job_queue.result(submitted.id)))
